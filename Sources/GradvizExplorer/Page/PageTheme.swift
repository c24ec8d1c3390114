import GradvizGraph

/// The colors of a page: those that its reader's screen asks for, or one scheme for all.
enum PageTheme {
  /// The rules of a page's style with `theme` in place of the reader's choice; paper is light in any.
  static func style(_ rules: String, _ theme: ComputationGraph.Presentation.Theme?) -> String {
    let dark = "@media screen and (prefers-color-scheme:dark)"
    let schemes = "color-scheme:light dark"
    return switch theme ?? .auto {
    case .auto: rules
    case .dark:
      rules.replacing(dark, with: "@media screen").replacing(schemes, with: "color-scheme:dark")
    case .light, .print:
      rules.replacing(dark, with: "@media not all").replacing(schemes, with: "color-scheme:light")
    }
  }
}

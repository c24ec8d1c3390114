public import GradLanguage
public import GradvizFigures
public import GradvizGraph
public import GradvizPlots
public import GraphvizRenderer

// The types that GradvizKit's own functions take and give, so that `import GradvizKit` is enough to name them. What is
// computed with, `Tape`, `Value` and their functions, is imported as `Autograd`. A target that has Swift's feature
// MemberImportVisibility on imports the module that a member comes from, such as `GradvizFigures`, as well.

/// One training step as plain data.
public typealias ComputationGraph = GradvizGraph.ComputationGraph
/// Why a file is not a computation graph.
public typealias GraphFormatError = GradvizGraph.GraphFormatError
/// How large what comes from a file may be.
public typealias Limits = GradvizGraph.Limits

/// A checked `.grad` program.
public typealias Program = GradLanguage.Program
/// A program on a tape.
public typealias Recording = GradLanguage.Recording
/// How a program asks to be trained.
public typealias TrainingPlan = GradLanguage.TrainingPlan
/// One thing that is wrong with a program, or that deserves a look, and where.
public typealias Diagnostic = GradLanguage.Diagnostic
/// Everything that is wrong with a program.
public typealias DiagnosticList = GradLanguage.DiagnosticList
/// The text of a program under its name.
public typealias SourceFile = GradLanguage.SourceFile
/// Where the data files of a program are read from.
public typealias DataFolder = GradLanguage.DataFolder

/// A part of the training step that has a figure of its own.
public typealias Stage = GradvizGraph.Stage
/// A picture of one stage.
public typealias Figure = GradvizFigures.Figure
/// All figures of one graph.
public typealias FigureSet = GradvizFigures.FigureSet
/// How figures look.
public typealias FigureOptions = GradvizFigures.FigureOptions
/// How large a figure's file is, and what is behind the figure.
public typealias PageStyle = GradvizFigures.PageStyle
/// The chain rule of every value as a text.
public typealias Derivation = GradvizFigures.Derivation
/// A figure with blanks, and one with the answers.
public typealias Exercise = GradvizFigures.Exercise
/// The numbers that an exercise leaves out.
public typealias Blanks = GradvizFigures.Blanks
/// Why a graph is not drawn.
public typealias FigureError = GradvizFigures.FigureError
/// How far a large graph is folded.
public typealias Collapse = GradvizFigures.Collapse
/// A part of a graph that is drawn by itself.
public typealias Excerpt = GradvizFigures.Excerpt

/// A curve, a region or a landscape over axes.
public typealias Plot = GradvizPlots.Plot
/// How plots look.
public typealias PlotOptions = GradvizPlots.PlotOptions
/// The loss of one training run at each step.
public typealias LossCurve = GradvizPlots.LossCurve
/// Positive measurements by size, to show how they grow.
public typealias GrowthSeries = GradvizPlots.GrowthSeries

/// Why Graphviz could not lay out or draw.
public typealias GraphvizError = GraphvizRenderer.GraphvizError

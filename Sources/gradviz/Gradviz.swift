import ArgumentParser
import GradvizKit
import GradvizSystem
import GraphvizRenderer

@main
struct Gradviz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradviz",
    abstract:
      "See how a neural network learns: figures of the forward pass, the loss, the backward pass and the update.",
    discussion: """
      Examples:
        gradviz draw net.grad            all figures of a program, into Output/net/
        gradviz draw net.grad --watch    again after each save
        gradviz train net.grad           the training and its plots
        gradviz check net.grad           gradients against central differences
        gradviz derive net.grad          every value and the chain rule, as text
        gradviz exercise net.grad        a sheet with blanks, and its solution
        gradviz serve net.grad           its text beside its page, in the browser
        gradviz document README.md       the figures of a page
        gradviz help draw                all about one command
        gradviz help limits              how large files, graphs and figures may be
        gradviz help manual | man -l -   everything, as a manual page
      """,
    version: "0.1.0",
    subcommands: [
      Draw.self, Train.self, Check.self, Derive.self, ExerciseCommand.self, Serve.self, Document.self,
      BookPreprocessor.self,
    ])

  /// What may stand first on the command line.
  static let commands = configuration.subcommands.map { $0._commandName } + ["help"]

  /// Exit statuses as in dot and Unix: 0 for success, 1 for an input error, 2 for a command line error.
  static func main() {
    // If the reader closes the pipe, the write fails and reports it.
    signal(SIGPIPE, SIG_IGN)
    Terminal.claimStandardStreams()
    do {
      let arguments = try Arguments.completed(Array(CommandLine.arguments.dropFirst()), commands: commands)
      if let page = try HelpTopic.page(for: arguments, commands: commands) {
        try Terminal.print(page)
        end(0)
      }
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let failure as Failure {
      if !failure.message.isEmpty { Terminal.note(failure.message) }
      end(failure.status)
    } catch let error as GraphvizError {
      Terminal.note("gradviz: error: \(error)")
      end(1)
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error, columns: 80)
      if code.isSuccess {
        do { if !text.isEmpty { try Terminal.print(CompletionScript.completed(text, topics: HelpTopic.words)) } } catch
        { end(1) }
        end(0)
      }
      Terminal.note(Arguments.message(error))
      end(code == .validationFailure ? 2 : code.rawValue)
    }
  }
}

/// The system's `exit`, in front of which a method of commands stands.
private func end(_ status: Int32) -> Never { exit(status) }

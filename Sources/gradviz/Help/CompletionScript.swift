import ArgumentParser

/// The scripts for shells that ArgumentParser writes, with what it does not know: the words after `help`, and that a
/// program or graph may stand where a command does, as in `gradviz net.grad --of b`.
enum CompletionScript {
  /// The script that `--generate-completion-script` is about to print, completed; another text as it is.
  static func completed(_ script: String, topics: [String]) -> String {
    if script.hasPrefix("#!/bin/bash") { return bash(script, topics) }
    if script.hasPrefix("#compdef") { return zsh(script, topics) }
    return script.hasPrefix("function __gradviz_") ? fish(script, topics) : script
  }

  /// Bash reads the line from variables: the function around the script's own has a line with the command in it.
  private static func bash(_ script: String, _ topics: [String]) -> String {
    let commands = Gradviz.commands.joined(separator: "|")
    let words = topics.joined(separator: " ")
    return script.replacing("complete -o filenames -F _gradviz gradviz", with: "")
      .replacing(
        "_gradviz_help() {", with: "_gradviz_help() {\n    COMPREPLY+=($(compgen -W '\(words)' -- \"${cur}\"))")
        + """
        _gradviz_or_file() {
            local -r first="${COMP_WORDS[1]}"
            if [[ "${COMP_CWORD}" -gt 1 && ("${first}" = *.grad || "${first}" = *.json) ]]; then
                local -a COMP_WORDS=("${COMP_WORDS[0]}" draw "${COMP_WORDS[@]:1}")
                local COMP_CWORD=$((COMP_CWORD + 1))
                local COMP_LINE="${COMP_LINE/ / draw }"
                local COMP_POINT=$((COMP_POINT + 5))
            fi
            _gradviz "${@}"
            if [[ "${COMP_CWORD}" -eq 1 && "${2}" != -* && "${2}" != @(\(commands)) ]]; then
                local file
                while IFS='' read -r file; do
                    COMPREPLY+=("${file}")
                done < <(compgen -fX '!*.grad' -- "${2}"; compgen -fX '!*.json' -- "${2}"; compgen -d -- "${2}")
            fi
        }

        complete -o filenames -F _gradviz_or_file gradviz

        """
  }

  private static func zsh(_ script: String, _ topics: [String]) -> String {
    script.replacing("'*:subcommands:'", with: "'*:subcommands:(\(topics.joined(separator: " ")))'")
      .replacing(
        "    local -r command_name=\"${words[1]}\"\n",
        with: """
              if (( CURRENT > 2 )) && [[ "${words[2]}" = *.(grad|json) ]]; then
                  words=("${words[1]}" draw "${(@)words[2,-1]}")
                  (( CURRENT++ ))
              fi
              local -r command_name="${words[1]}"

          """
      )
      .replacing(
        "            'help:Show subcommand help information.'\n        )\n",
        with:
          "            'help:Show subcommand help information.'\n        )\n        _files -g '*.(grad|json)' && ret=0\n"
      )
  }

  private static func fish(_ script: String, _ topics: [String]) -> String {
    // What completes the files of `draw` does so where a command may stand.
    let draw = "'__gradviz_should_offer_completions_for_positional \"gradviz draw\" -ge 1'"
    let first = "'__gradviz_should_offer_completions_for_positional \"gradviz\" -eq 1'"
    let files = script.split(separator: "\n").filter { $0.contains(draw) }.map {
      $0.replacing(draw, with: first)
    }
    let help = "'__gradviz_should_offer_completions_for_positional \"gradviz help\" -eq 1'"
    let words = "complete -c 'gradviz' -n \(help) -fa '\(topics.joined(separator: " "))'"
    return script.replacing("function __gradviz_tokens\n", with: "function __gradviz_typed_tokens\n").replacing(
      "function __gradviz_parse_subcommand -S",
      with: """
        function __gradviz_tokens
            set -l tokens (__gradviz_typed_tokens $argv)
            if string match -q -- '-p*' $argv[1]; and string match -qr -- '\\\\.(grad|json)$' $tokens[2]
                set tokens $tokens[1] draw $tokens[2..]
            end
            test (count $tokens) -gt 0; and printf '%s\\n' $tokens
        end

        function __gradviz_parse_subcommand -S
        """) + "\n" + (files.map(String.init) + [words]).joined(separator: "\n") + "\n"
  }
}

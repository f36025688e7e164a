/** Shells that can complete `fairlead`'s words. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What a shell has to read to complete the words of `fairlead`.
 *
 * The script knows no command: it asks `fairlead __complete`, the program that is being typed, so `./fairlead` in a
 * checkout answers for itself. It needs nothing but the shell.
 */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case "bash":
      return BASH;
    case "zsh":
      return ZSH;
    case "fish":
      return FISH;
  }
}

const BASH = `# Completion of fairlead for bash 4.4 and newer; "fairlead completion --help" says where to put it.
_fairlead() {
  local program=\${COMP_WORDS[0]/#\\~\\//$HOME/} rest=\${COMP_LINE:0:COMP_POINT}
  local words=() word gap cut i
  # Bash takes words apart at "=" and ":" too. What no blank separates belongs together.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    gap=\${rest%%[![:space:]]*}
    rest=\${rest#"$gap"}
    ((i == COMP_CWORD)) && word=$rest
    rest=\${rest#*"$word"}
    cut=
    if [[ -n $gap || $i -eq 0 ]]; then
      words+=("$word")
    else
      cut=\${words[-1]}
      words[-1]+=$word
    fi
  done
  # Readline replaces only what is behind the last of these.
  [[ -n $cut && $word == [=:] ]] && cut+=$word
  words=("\${words[@]//[\\"\\'\\\\]/}")

  local current=\${words[-1]} answer directive help
  answer=$("$program" __complete -- "\${words[@]:1}" 2>/dev/null) || return
  directive=\${answer##*$'\\n'}
  case $directive in
    :files | :folders)
      local kind=-f
      [[ $directive == :folders ]] && kind=-d
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen "$kind" -- "\${current#"$cut"}")
      return
      ;;
  esac
  local candidates=() meanings=() width=0
  while IFS=$'\\t' read -r word help; do
    [[ $word == :words ]] && break
    word=\${word#"$cut"}
    candidates+=("$word")
    meanings+=("$help")
    ((\${#word} > width)) && width=\${#word}
  done <<<"$answer"
  # What menu-complete (37) and insert-completions (42) put in must come without its meaning.
  if ((\${#candidates[@]} > 1 && COMP_TYPE != 37 && COMP_TYPE != 42)); then
    for i in "\${!candidates[@]}"; do
      [[ -z \${meanings[i]} ]] && continue
      printf -v word '%-*s  (%s)' "$width" "\${candidates[i]}" "\${meanings[i]}"
      candidates[i]=\${word:0:\${COLUMNS:-80}-1}
    done
  fi
  COMPREPLY=("\${candidates[@]}")
  [[ \${#candidates[@]} == 1 && \${candidates[0]} == */ ]] && compopt -o nospace 2>/dev/null
}
complete -F _fairlead fairlead
`;

const ZSH = `#compdef fairlead
# Completion of fairlead for zsh; "fairlead completion --help" says where to put it.
_fairlead() {
  local program=\${words[1]/#\\~\\//$HOME/} line word help
  local -a given lines described trailing
  given=("\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}")
  lines=("\${(@f)$("$program" __complete -- "\${given[@]}" 2>/dev/null)}")
  case \${lines[-1]} in
    :files)
      compset -P '--*='
      _files
      return
      ;;
    :folders)
      compset -P '--*='
      _files -/
      return
      ;;
  esac
  for line in "\${(@)lines[1,-2]}"; do
    word=\${line%%$'\\t'*}
    help=\${line#"$word"}
    described+=("\${word//:/\\\\:}\${help:+:\${help#$'\\t'}}")
  done
  (( \${#described} == 0 )) && return 1
  [[ \${#described} -eq 1 && $word == */ ]] && trailing=(-S '')
  _describe -t values fairlead described "\${trailing[@]}"
}
if [[ \${funcstack[1]} == _fairlead ]]; then
  _fairlead "$@"
else
  compdef _fairlead fairlead
fi
`;

const FISH = `# Completion of fairlead for fish; "fairlead completion --help" says where to put it.
function __fairlead_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l lines (command $program __complete -- $words[2..-1] "$current" 2>/dev/null)
    set -l flag (string match -r '^--[^=]*=' -- "$current")
    switch "$lines[-1]"
        case :files :folders
            set -l value (string replace -r '^--[^=]*=' '' -- "$current")
            for file in (test "$lines[-1]" = :folders; and __fish_complete_directories "$value" ''; or __fish_complete_path "$value")
                echo -- "$flag$file"
            end
        case '*'
            test (count $lines) -gt 1; and string join -- \\n $lines[1..-2]
    end
end
complete -c fairlead -f -a '(__fairlead_complete)'
`;

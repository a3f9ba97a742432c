/** The completion of bash: bash(1), Programmable Completion. */
import { completedCommands, completedOptions, type CompletedOption, type CompletedValue } from './words.ts';

export function bashCompletion(): string {
  const options = completedOptions();
  const commands = completedCommands().map(({ name }) => name);
  return `# Completion of efs-sync for bash. Made of the program's own declarations.
_efs_sync() {
  local current=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD - 1]}
  # "--name=value" comes as three words, or two while the value is empty.
  if [[ $current == = ]]; then current=
  elif [[ $option == = ]]; then option=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  case $option in
${options.flatMap(caseOf).join('\n')}
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W '${options.map(wordOf).join(' ')}' -- "$current")
    [[ \${COMPREPLY[0]} == *= ]] && compopt -o nospace
    return
  fi
  if [[ $COMP_CWORD == 1 ]]; then mapfile -t COMPREPLY < <(compgen -W '${commands.join(' ')}' -- "$current"); fi
  compopt -o filenames
  if [[ " \${COMP_WORDS[*]} " == *' run '* ]]; then
    mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")
  else
    mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "$current")
  fi
}
complete -F _efs_sync efs-sync
`;
}

function wordOf({ letter, name, value }: CompletedOption): string {
  if (name === undefined) return `-${letter}`;
  return `--${name}${value === undefined ? '' : '='}`;
}

function caseOf({ name, value }: CompletedOption): string[] {
  if (name === undefined || value === undefined) return [];
  return [`    --${name}) ${actionOf(value)} ;;`];
}

function actionOf(value: CompletedValue): string {
  if (value === 'text') return 'return';
  const generator = typeof value === 'string' ? GENERATORS[value] : `-W '${value.join(' ')}'`;
  const isPath = typeof value === 'string';
  return `${isPath ? 'compopt -o filenames; ' : ''}mapfile -t COMPREPLY < <(compgen ${generator} -- "$current"); return`;
}

const GENERATORS = { file: '-f', directory: '-d' } as const;

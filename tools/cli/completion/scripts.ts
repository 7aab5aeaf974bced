import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

export function isShell(text: string): text is Shell {
  return (SHELLS as readonly string[]).includes(text);
}

/** A prefix of command names, and the commands and options that may follow it. */
interface Place {
  readonly words: string;
  readonly follow: readonly string[];
}

export function completionScript(shell: Shell, program: Command): string {
  const places = placesOf(program, []);
  if (shell === 'fish') return fishScript(places);
  const bash = bashScript(places);
  return shell === 'bash' ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

function placesOf(command: Command, words: readonly string[]): Place[] {
  const options = command.options.flatMap(({ long }) => long ?? []);
  return [
    { words: words.join(' '), follow: [...command.commands.map((child) => child.name()), ...options] },
    ...command.commands.flatMap((child) => placesOf(child, [...words, child.name()])),
  ];
}

/** The place is the longest prefix of command names; options and arguments do not change it. */
function bashScript(places: readonly Place[]): string {
  const cases = places.map(({ words, follow }) => `    '${words}') follow='${follow.join(' ')}' ;;`).join('\n');
  return `_dbem() {
  local place='' word follow=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${places
      .map(({ words }) => words)
      .filter((words) => words !== '')
      .map((words) => words.replace(' ', '/'))
      .join(' ')} " in *" \${place:+\${place/ //}/}\${word} "*) place="\${place:+$place }\${word}" ;; esac
  done
  case "$place" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$follow" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _dbem dbem
`;
}

function fishScript(places: readonly Place[]): string {
  return places
    .map(({ words, follow }) => {
      const seen = words.split(' ').filter((word) => word !== '');
      const condition =
        seen.length === 0
          ? '__fish_use_subcommand'
          : seen.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
      return `complete -c dbem -f -n '${condition}' -a '${follow.join(' ')}'`;
    })
    .concat('')
    .join('\n');
}

/** Reads a Markdown guide: the commands of its console blocks, each with its machine and its output. */

export interface Step {
  /** The prompt: `mover#`. */
  readonly prompt: string;
  readonly command: string;
  /** As printed in the guide; `...` stands for lines left out. */
  readonly output: string;
}

export interface Section {
  readonly title: string;
  readonly steps: readonly Step[];
}

const PROMPT = /^(\w+[#$]) (.*)$/;

export function readGuide(markdown: string): Section[] {
  const [, ...sections] = markdown.split(/^## /m);
  return sections.map((section) => {
    const title = section.split('\n', 1)[0] ?? '';
    const blocks = [...section.matchAll(/^```console\n([^]*?)^```$/gm)];
    return { title, steps: blocks.flatMap(([, block = '']) => readBlock(block)) };
  });
}

function readBlock(block: string): Step[] {
  const steps: { prompt: string; command: string; output: string }[] = [];
  for (const line of block.split(/(?<=\n)/)) {
    const [, prompt, command] = PROMPT.exec(line.trimEnd()) ?? [];
    const last = steps.at(-1);
    if (prompt !== undefined && command !== undefined) steps.push({ prompt, command, output: '' });
    else if (last === undefined) throw new Error(`a block begins without a prompt: ${line}`);
    else last.output += line;
  }
  return steps;
}

const UNITS = 'ms|s|min|h|bytes?|[KMGT]iB';
/** Which changes of users the run met decides between exit status 24 and 41. */
const IN_USE = /^Incomplete: .*$/gm;

/** Holes are read as such where the server tells of them. */
const READ_DATA = /^( Verified .*), # of it data$/gm;

/** The text with `#` for every count, size, rate and duration, as those differ from run to run. */
export function withoutNumbers(text: string): string {
  return text
    .replaceAll(IN_USE, 'In use')
    .replaceAll(new RegExp(`\\d[\\d.,:]*( (${UNITS})\\b)?`, 'g'), '#')
    .replaceAll(/#( #)+/g, '#')
    .replaceAll(/ \(#\/s\)/g, '')
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(READ_DATA, '$1');
}

/** A pattern that matches text equal to `output` except for numbers and the lines left out. */
export function agreesWith(output: string): RegExp {
  const lines = withoutNumbers(output).split(/(?<=\n)/);
  const patterns = lines.map((line) =>
    line === '...\n' ? '(.*\\n)*?' : line.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'),
  );
  return new RegExp(`^${patterns.join('')}$`);
}

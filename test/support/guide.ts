/** Reads a guide in Markdown: the commands of its console blocks, each with the machine it is typed on and what it prints. */

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
/** What was met of people at work decides between 24 and 41. */
const IN_USE = /^Incomplete: .*$/gm;

/** Printed text with every count, size, rate and duration as `#`, which is what differs from run to run. */
export function withoutNumbers(text: string): string {
  return text
    .replaceAll(IN_USE, 'In use')
    .replaceAll(new RegExp(`\\d[\\d.,:]*( (${UNITS})\\b)?`, 'g'), '#')
    .replaceAll(/#( #)+/g, '#')
    .replaceAll(/ \(#\/s\)/g, '')
    .replaceAll(/[ \t]+/g, ' ');
}

/** What text looks like that agrees with `output` in all but numbers and the lines left out. */
export function agreesWith(output: string): RegExp {
  const lines = withoutNumbers(output).split(/(?<=\n)/);
  const patterns = lines.map((line) =>
    line === '...\n' ? '(.*\\n)*?' : line.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'),
  );
  return new RegExp(`^${patterns.join('')}$`);
}

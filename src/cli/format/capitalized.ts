/** A word or a sentence as it begins a line: "Preparing", "Up to 10 KiB". */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

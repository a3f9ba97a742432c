/** Runs within a page: finds texts with less contrast than level AA of WCAG 2.1 requires, by its formula. */

function channels(color) {
  return (color.match(/[\d.]+/g) ?? []).map(Number);
}

function luminance(color) {
  const [red, green, blue] = channels(color).map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function behind(element) {
  if (element === null) return 'rgb(255, 255, 255)';
  const color = getComputedStyle(element).backgroundColor;
  return channels(color)[3] === 0 ? behind(element.parentElement) : color;
}

function hasText(element) {
  return [...element.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '',
  );
}

function contrastOf(element) {
  const one = luminance(getComputedStyle(element).color);
  const other = luminance(behind(element));
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

[...document.querySelectorAll('body *')]
  .filter((element) => hasText(element) && contrastOf(element) < 4.5)
  .map((element) => `${element.tagName} ${contrastOf(element).toFixed(2)}: ${element.textContent}`);

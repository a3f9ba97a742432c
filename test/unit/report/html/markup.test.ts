/** Every value in a template is text, unless it is markup itself. */
import { expect, test } from 'vitest';
import { html } from '../../../../src/report/html/markup.ts';

test('text is escaped, in elements and in attributes', () => {
  const hostile = `</code><script>alert("1")</script>&amp;'`;
  expect(html`<code title="${hostile}">${hostile}</code>`.text).toBe(
    '<code title="&lt;/code&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;&#39;">' +
      '&lt;/code&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;&#39;</code>',
  );
});

test('markup, lists, numbers and nothing', () => {
  expect(html`<p>${['<', html`<b>${1}</b>`, undefined, [2, '>']]}</p>`.text).toBe('<p>&lt;<b>1</b>2&gt;</p>');
});

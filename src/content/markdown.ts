/** Markdown to HTML: CommonMark, GitHub's tables, strikethrough, autolinks and task lists, and footnotes. */
import { footnote } from '@mdit/plugin-footnote';
import { tasklist } from '@mdit/plugin-tasklist';
import MarkdownIt, { type Token } from 'markdown-it';

const markdown = new MarkdownIt({ html: true, linkify: true })
  .use(footnote)
  .use(tasklist, { label: false, containerClass: 'contains-task-list' });

linkOnlyWhatIsMeantAsAddress(markdown);
simplifyFootnotes(markdown);

/** The HTML is as unsafe as its source: raw HTML passes through, for the sanitizer to judge. */
export function renderMarkdown(source: string): string {
  return markdown.render(source);
}

/**
 * GitHub links `https://…`, `www.…` and e-mail addresses, but no bare domain: prose about software is full of
 * names such as `main.rs` and `README.md` whose endings are countries.
 */
function linkOnlyWhatIsMeantAsAddress(md: MarkdownIt): void {
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: true });
  md.linkify.add('www.', {
    validate: (text, position, linkify) => {
      const rest = linkify.testSchemaAt(`https://www.${text.slice(position, position + 2048)}`, 'https:', 6);
      return Math.max(0, rest - '//www.'.length);
    },
    normalize: (match) => {
      match.url = `https://${match.url}`;
    },
  });
}

interface FootnoteMeta {
  id: number;
  subId: number;
}

/** Puts the way back on the reference's own link, in place of an empty one beside it, and leaves out the rule above. */
function simplifyFootnotes(md: MarkdownIt): void {
  const metaOf = (tokens: Token[], index: number): FootnoteMeta => tokens[index]?.meta;
  md.renderer.rules['footnote_ref'] = (tokens, index) => {
    const { id, subId } = metaOf(tokens, index);
    const name = subId > 0 ? `${id + 1}:${subId}` : `${id + 1}`;
    return `<sup class="footnote-ref"><a href="#footnote${id + 1}" id="footnote-ref${name}">${id + 1}</a></sup>`;
  };
  md.renderer.rules['footnote_open'] = (tokens, index) =>
    `<li id="footnote${metaOf(tokens, index).id + 1}" class="footnote-item">`;
  md.renderer.rules['footnote_block_open'] = () =>
    '<section class="footnotes">\n<ol class="footnotes-list">\n';
}

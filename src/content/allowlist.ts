/** What HTML a post may have: elements, attributes, their values, classes and address schemes. */

/** `html`, `head` and the like are left out: a post is a part of a page. So are forms, styles, and foreign content. */
export const allowedTags = [
  ...[
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'p',
    'div',
    'section',
    'article',
    'address',
    'blockquote',
    'pre',
    'hr',
  ],
  ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'figure', 'figcaption', 'details', 'summary'],
  ...[
    'a',
    'abbr',
    'b',
    'bdi',
    'bdo',
    'br',
    'cite',
    'code',
    'data',
    'del',
    'dfn',
    'em',
    'i',
    'ins',
    'kbd',
    'mark',
  ],
  ...[
    'q',
    'rp',
    'rt',
    'ruby',
    's',
    'samp',
    'small',
    'span',
    'strong',
    'sub',
    'sup',
    'time',
    'u',
    'var',
    'wbr',
  ],
  ...['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
  ...['img', 'picture', 'source', 'video', 'audio', 'track', 'iframe', 'input'],
];

/** Old or misplaced elements and what they become. Landmarks belong to the theme, so they lose that meaning. */
export const renamedTags: Record<string, string> = {
  acronym: 'abbr',
  aside: 'div',
  big: 'strong',
  center: 'div',
  footer: 'div',
  header: 'div',
  hgroup: 'div',
  main: 'div',
  menu: 'ul',
  nav: 'div',
  strike: 's',
  tt: 'code',
};

/** Elements that are dropped together with what is in them: it is code, or means nothing without them. */
export const tagsDroppedWithContent = [
  ...[
    'script',
    'style',
    'noscript',
    'template',
    'svg',
    'math',
    'title',
    'noembed',
    'noframes',
    'xmp',
    'plaintext',
  ],
  ...['textarea', 'select', 'option', 'button', 'datalist', 'applet', 'frameset'],
];

const cell = ['colspan', 'rowspan', 'abbr'];

export const allowedAttributes: Record<string, string[]> = {
  '*': ['id', 'title', 'lang', 'dir'],
  a: ['href', 'hreflang', 'rel', 'target', 'aria-label'],
  abbr: [],
  audio: ['src', 'controls', 'loop', 'muted', 'preload'],
  blockquote: ['cite'],
  col: ['span'],
  colgroup: ['span'],
  data: ['value'],
  del: ['cite', 'datetime'],
  details: ['open'],
  iframe: ['src', 'width', 'height', 'loading', 'referrerpolicy', 'sandbox', 'allowfullscreen'],
  img: ['src', 'srcset', 'sizes', 'alt', 'width', 'height', 'loading', 'decoding'],
  input: ['type', 'checked', 'disabled'],
  ins: ['cite', 'datetime'],
  li: ['value'],
  ol: ['start', 'reversed', 'type'],
  q: ['cite'],
  source: ['src', 'srcset', 'sizes', 'media', 'type', 'width', 'height'],
  td: cell,
  th: [...cell, 'scope'],
  time: ['datetime'],
  track: ['src', 'kind', 'srclang', 'label', 'default'],
  video: ['src', 'poster', 'width', 'height', 'controls', 'loop', 'muted', 'playsinline', 'preload'],
};

/** Attributes whose value must look like this, or they go. */
export const attributeValues: ReadonlyMap<string, RegExp> = new Map([
  ['colspan', /^[1-9]\d{0,2}$/],
  ['decoding', /^(?:async|sync|auto)$/],
  ['dir', /^(?:ltr|rtl|auto)$/],
  ['height', /^\d{1,5}$/],
  ['hreflang', /^[a-z]{2,8}(?:-[a-z0-9]{1,8})*$/i],
  ['id', /^\S+$/],
  ['kind', /^(?:subtitles|captions|descriptions|chapters|metadata)$/],
  ['lang', /^[a-z]{2,8}(?:-[a-z0-9]{1,8})*$/i],
  ['loading', /^(?:lazy|eager)$/],
  ['preload', /^(?:none|metadata)$/],
  ['rowspan', /^\d{1,3}$/],
  ['scope', /^(?:row|col|rowgroup|colgroup)$/],
  ['span', /^[1-9]\d{0,2}$/],
  ['srclang', /^[a-z]{2,8}(?:-[a-z0-9]{1,8})*$/i],
  ['start', /^-?\d{1,9}$/],
  ['target', /^_blank$/],
  ['type', /^(?:[1aAiI]|checkbox|(?:audio|image|video)\/[\w.+-]+(?:; ?codecs=[\w.," -]+)?)$/],
  ['width', /^\d{1,5}$/],
]);

/** Relations a link may claim; `noopener` is added where it matters. */
export const linkRelations = new Set([
  'nofollow',
  'ugc',
  'sponsored',
  'noreferrer',
  'noopener',
  'me',
  'license',
  'external',
]);

/**
 * Classes that have a meaning here: highlighting, footnotes, task lists, and how WordPress and Ghost name
 * alignment, captions and cards. Others could borrow the theme's looks.
 */
export const allowedClasses: Record<string, string[]> = {
  '*': [
    ...['hljs', 'hljs-*', 'language-*', 'lang-*'],
    ...['footnote*', 'task-list-*', 'contains-task-list'],
    ...['align*', 'has-text-align-*', 'size-*', 'wp-caption*', 'wp-block-*', 'wp-element-*', 'is-style-*'],
    ...['gallery', 'gallery-*', 'blocks-gallery-*', 'columns-*', 'is-cropped', 'has-drop-cap', 'kg-*'],
  ],
  div: ['heading'],
  section: ['table-scroll'],
  a: ['heading-anchor'],
};

export const schemes = ['http', 'https', 'mailto', 'tel'];
export const schemesByTag: Record<string, string[]> = {
  img: ['http', 'https', 'data'],
  video: ['https'],
  audio: ['https'],
  source: ['https'],
  track: ['https'],
};

/** Pictures that may stand in the page itself. SVG is left out: it is a document with scripts and links. */
export const inlineImage = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*$/;

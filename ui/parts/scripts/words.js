// Streamlit's own English words, the page's language, the theme for what is drawn outside the app, the language cookie.
const ATTRIBUTES = ['placeholder', 'aria-label', 'title', 'alt'];
const words = new Map();
const before = new WeakMap(); // what a text or attribute said before, so that a switch of language can go back
let patterns = []; // texts with a number in them: [regular expression, replacement]

const inWords = (text) => {
  const hit = words.get(text.trim());
  if (hit) return text.replace(text.trim(), hit);
  const fits = patterns.find(([pattern]) => pattern.test(text));
  return fits ? text.replace(fits[0], fits[1]) : null;
};
const change = (node, key, now, set) => {
  const kept = before.get(node) || {};
  // Text that is neither what we wrote nor what we kept is new text of Streamlit's.
  const source = kept[key] && kept[key].ours === now ? kept[key].theirs : now;
  const ours = inWords(source) ?? source;
  if (ours !== now) set(ours);
  if (ours !== source || kept[key]) before.set(node, { ...kept, [key]: { theirs: source, ours } });
};
const walk = (root) => {
  if (root.nodeType === 3) {
    change(root, 'text', root.nodeValue, (text) => (root.nodeValue = text));
    return;
  }
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const parent = node.parentElement;
    // Our own HTML speaks the right language already; icons are text nodes that hold their name.
    if (!parent || parent.closest('.t, style, script, [data-testid="stIconMaterial"]')) continue;
    const current = node;
    change(current, 'text', current.nodeValue, (text) => (current.nodeValue = text));
  }
  const fields = [root, ...(root.querySelectorAll?.('[placeholder],[aria-label],[title],[alt]') || [])];
  for (const field of fields) {
    for (const name of ATTRIBUTES) {
      const now = field.getAttribute?.(name);
      if (now) change(field, name, now, (text) => field.setAttribute(name, text));
    }
  }
};
const paint = () => {
  const app = document.querySelector('.stApp');
  if (app) document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme;
};

export default function ({ data }) {
  document.documentElement.lang = data.lang;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${data.cookie}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  patterns = data.lang === 'en' ? [] : data.patterns.map(([pattern, ours]) => [new RegExp(pattern), ours]);
  words.clear();
  for (const [theirs, ours] of Object.entries(data.map)) words.set(theirs, ours);
  walk(document.body);
  paint();
  if (!window.tongdiaoTheme) {
    window.tongdiaoTheme = new MutationObserver(paint);
    window.tongdiaoTheme.observe(document.querySelector('.stApp'), { attributes: true });
  }
  window.tongdiaoWords?.disconnect();
  window.tongdiaoWords = new MutationObserver((changes) => {
    for (const entry of changes) {
      if (entry.type === 'characterData') walk(entry.target);
      else entry.addedNodes.forEach((node) => (node.nodeType === 1 || node.nodeType === 3) && walk(node));
    }
  });
  window.tongdiaoWords.observe(document.body, { childList: true, subtree: true, characterData: true });
}

// The few lines that a page without a framework needs.

/** @returns {HTMLElement} one that the page is known to have */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null)
    throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * Makes an element; text is always text, so a stream's name can hold anything.
 * @param {string} tag
 * @param {object} attributes what is null or false is left out
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function')
      made.addEventListener(name, value);
    else if (value !== null && value !== false)
      made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

/** Sets a text only where it differs: a screen reader reads every change of a live region. */
export function setText(target, text) {
  if (target.textContent !== text)
    target.textContent = text;
}

/**
 * Makes the children of a parent match a list, keeping the nodes of known keys, so that focus and
 * selection survive an update.
 * @param {(item: object) => Node} make
 * @param {(node: Node, item: object) => void} update called for new and old nodes
 */
export function syncChildren(parent, items, keyOf, make, update) {
  const known = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let node = known.get(key);
    known.delete(key);
    if (node === undefined) {
      node = make(item);
      node.dataset.key = key;
    }
    if (node === place)
      place = place.nextElementSibling;
    else
      parent.insertBefore(node, place);
    update(node, item);
  }
  for (const node of known.values())
    node.remove();
}

/**
 * A row with something to copy: its name, the text, and a button.
 * @param {{ name: string, text: string, hint?: string }} link
 */
export function copyRow({ name, text, hint }) {
  const said = element('span', { class: 'copied', role: 'status' });
  const copy = async () => {
    setText(said, await toClipboard(text) ? 'Copied' : 'Press Ctrl+C');
    setTimeout(() => setText(said, ''), 2000);
  };
  const code = element('code', { tabindex: '0' }, text);
  code.addEventListener('focus', () => select(code));
  const button = element('button', { type: 'button', class: 'quiet', click: copy }, 'Copy');
  button.setAttribute('aria-label', `Copy for ${name}`);
  return element('div', { class: 'copy-row' },
    element('span', { class: 'label' }, name, hint ? element('small', {}, hint) : ''),
    code, button, said);

  // The clipboard is closed to a page that came without TLS, save from this very machine.
  async function toClipboard(value) {
    try {
      await navigator.clipboard.writeText(value);
      return true;
    } catch {
      select(code);
      return document.execCommand('copy');
    }
  }
}

function select(node) {
  window.getSelection().selectAllChildren(node);
}

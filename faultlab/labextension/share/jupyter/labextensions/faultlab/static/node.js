/** Make an element: its tag, its attributes, and what is in it. */
export function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const UNIT = "(?:%|°C|s|ms|min|h|EUR|kB|MB|GB|TB|million|billion|(?:second|minute|hour|day|week|month|year|point)s?)(?![\\w-])";
const BEFORE_UNIT = new RegExp(`(\\d|million|billion) (?=${UNIT})`, "g");
/** What stays on one line, as `split` leaves it: every second part is a number with its unit. */
export const MEASURED = new RegExp(`([\\d.,]+(?: ${UNIT})+)`);

/** No line of an element's text ends between a number and its unit. */
export function keepUnits(element) {
  const walk = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, kept = text.data.replace(BEFORE_UNIT, "$1\u00a0");
    if (kept !== text.data && !text.parentElement.closest("code, pre, script, style, textarea")) text.data = kept;
  }
}

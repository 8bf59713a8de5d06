// HTML written (and escaped) by Python; a click on [data-act] comes back as one event. Focus survives a redraw.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector('.t');
  if (root.dataset.drawn !== data.html) {
    const held = root.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    root.innerHTML = data.html;
    root.dataset.drawn = data.html;
    if (held) root.querySelector(`[data-act="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  }
  root.onclick = (event) => {
    const hit = event.target.closest('[data-act]');
    if (hit && !hit.disabled) setTriggerValue('act', hit.dataset.act);
  };
}

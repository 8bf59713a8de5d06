// Scans wait in a queue, each with an id, until Python names the id as done: nothing is lost, a repeat does nothing.
const tone = (hertz, at, seconds) => {
  try {
    const audio = (window.tongdiaoAudio ||= new AudioContext());
    const source = audio.createOscillator();
    const gain = audio.createGain();
    source.frequency.value = hertz;
    source.connect(gain);
    gain.connect(audio.destination);
    gain.gain.value = 0.15;
    source.start(audio.currentTime + at);
    source.stop(audio.currentTime + at + seconds);
  } catch {
    // A browser without sound still shows the answer.
  }
};
const newId = () =>
  crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join('-');
const queues = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  const box = parentElement.querySelector('.t-scan');
  const input = box.querySelector('input');
  const say = box.querySelector('.say');
  const queue = queues.get(box) || { list: [], seen: null };
  queues.set(box, queue);
  box.querySelector('.lab').textContent = data.label;
  box.querySelector('.tip').textContent = data.tip;
  input.placeholder = data.hint;
  input.setAttribute('aria-label', data.label);
  queue.list = queue.list.filter((scanned) => !data.done.includes(scanned.id));
  const take = () => {
    if (!input.value.trim()) return;
    queue.list.push({ id: newId(), text: input.value.trim() });
    input.value = '';
    say.textContent = data.wait;
    setStateValue('queue', [...queue.list]);
  };
  input.onkeydown = (event) => {
    if (event.key !== 'Enter' || event.isComposing || !input.value.trim()) return;
    event.preventDefault();
    take();
  };
  const act = box.querySelector('.t-scan-go');
  act.hidden = !data.act;
  act.textContent = data.act;
  act.onclick = take;
  if (data.last && data.last.id !== queue.seen) {
    queue.seen = data.last.id;
    box.className = 't-scan flash ' + data.last.tone;
    say.textContent = data.last.say;
    if (data.last.ring) {
      if (data.last.tone === 'green') {
        tone(1320, 0, 0.09);
      } else {
        tone(220, 0, 0.16);
        tone(180, 0.2, 0.22);
        navigator.vibrate?.([80, 60, 160]);
      }
    }
    setTimeout(() => box.classList.remove('flash'), 900);
  }
  const free = !document.activeElement || document.activeElement === document.body;
  if (data.lock && free) input.focus({ preventScroll: true });
}

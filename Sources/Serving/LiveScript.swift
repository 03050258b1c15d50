/// What the served page runs: it takes the place of its own body when results have changed.
///
/// The report is whole without it, and so is a page whose server has gone.
let liveScript = """
  'use strict';
  (() => {
    let shown = document.currentScript.dataset.state;
    let isLoading = false;
    const line = document.createElement('p');
    line.setAttribute('role', 'status');
    line.style.cssText = 'font-size: 0.85rem; opacity: 0.75; margin: 0.5rem 1rem';
    document.body.prepend(line);

    async function show(state) {
      if (isLoading || state === shown) return;
      isLoading = true;
      try {
        const answer = await fetch('/', { cache: 'no-store' });
        if (!answer.ok) throw new Error(await answer.text());
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const script = page.querySelector('script[data-state]');
        const open = [...document.querySelectorAll('details')].map((one) => one.open);
        const top = window.scrollY;
        document.body.replaceChildren(line, ...page.body.childNodes);
        document.querySelectorAll('details').forEach((one, index) => {
          if (index < open.length) one.open = open[index];
        });
        window.scrollTo(0, top);
        shown = script ? script.dataset.state : state;
      } catch (error) {
        line.textContent = 'The report cannot be made: ' + error.message;
      } finally {
        isLoading = false;
      }
    }

    const events = new EventSource('/events');
    events.addEventListener('results', (event) => {
      const now = JSON.parse(event.data);
      line.textContent = `Live: ${now.stored} cells stored, ${now.running} running.`;
      show(now.state);
    });
    events.addEventListener('error', () => {
      line.textContent = 'The server has ended; this is what it said last.';
    });
  })();

  """

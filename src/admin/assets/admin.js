// Comforts only: every page works without this file.

/** Asks before leaving a form with changes that weren't saved, and saves with Ctrl+S. */
function guard(form) {
  const fields = () => new URLSearchParams(new FormData(form)).toString();
  const before = fields();
  const isUnsaved = () => form.dataset.guard === 'unsaved' || fields() !== before;
  let isLeaving = false;
  form.addEventListener('submit', (event) => {
    isLeaving = event.submitter?.getAttribute('formtarget') !== '_blank';
  });
  addEventListener('beforeunload', (event) => {
    if (!isLeaving && isUnsaved()) event.preventDefault();
  });
  addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

/** Shows a button that copies the text of another element. */
function offerCopy(button) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = 'Copied';
  });
}

for (const form of document.querySelectorAll('form[data-guard]')) guard(form);
if (navigator.clipboard) {
  for (const button of document.querySelectorAll('button[data-copy]')) offerCopy(button);
}

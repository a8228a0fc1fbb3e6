/**
 * What an HTTP status means to a viewer.
 * @param {object} on the watcher's ears: nobody(), refused(why, what), lost(why)
 */
export function tellStatus(on, status) {
  if (status === 404)
    on.nobody();
  else if (status === 401 || status === 403)
    on.refused(`The server refuses (${status})`,
      'It may want a token: add it to the address of this page, as in &token=…');
  else
    on.lost(`The server answers ${status}`);
}

/** Whether a text has the form of an id, a UUID in lower case. PostgreSQL refuses to look for anything else. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text);
}

/** One thing that doctor looked at. */
export interface Finding {
  /** `warning`: works, but perhaps not as meant. `failure`: keeps the blog from working. */
  level: 'ok' | 'warning' | 'failure';
  subject: string;
  text: string;
  /** What to do; present where something should be done. */
  fix?: string;
}

/** Security headers. Every answer carries the cheap ones; pages carry a content security policy. */

/** On every answer. */
export const commonHeaders = { "x-content-type-options": "nosniff" } as const;

/** For the demo page: its own scripts, WebAssembly, a worker (also from a blob), inline styles; nothing from elsewhere. */
export const pagePolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join("; ");

/** On every page and its assets. */
export const pageHeaders = {
  "content-security-policy": pagePolicy,
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
} as const;

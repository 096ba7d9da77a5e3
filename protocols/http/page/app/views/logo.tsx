/** The tin can, as in the favicon. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="logo-string" d="M3 26c7 5 12-3 26 1" />
      <path class="logo-can" d="M8 8v13c0 2.200 3.600 4 8 4s8-1.800 8-4V8z" />
      <path class="logo-ribs" d="M8 13.500c0 2.200 3.600 4 8 4s8-1.800 8-4M8 18.500c0 2.200 3.600 4 8 4s8-1.800 8-4" />
      <ellipse class="logo-rim" cx="16" cy="8" rx="8" ry="4" />
      <ellipse class="logo-inside" cx="16" cy="8" rx="5.400" ry="2.500" />
    </svg>
  );
}

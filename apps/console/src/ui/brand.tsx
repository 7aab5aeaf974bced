/** The product's logo. */
export function Brand({ size = 22 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="brand">
      <rect width="32" height="32" rx="8" />
      <path d="M8 16h8M16 16c5 0 3-7 8-7M16 16c5 0 3 7 8 7" />
      <circle cx="8" cy="16" r="2.6" />
    </svg>
  );
}

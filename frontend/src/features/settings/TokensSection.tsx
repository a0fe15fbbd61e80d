// Filled in by the next commits.
export default function TokensSection() {
  return null;
}

// Filled in by the next commits.
export default function SecuritySection() {
  return null;
}

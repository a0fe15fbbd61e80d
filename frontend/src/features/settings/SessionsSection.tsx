// Filled in by the next commits.
export default function SessionsSection() {
  return null;
}

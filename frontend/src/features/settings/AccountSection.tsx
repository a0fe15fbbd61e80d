// Filled in by the next commits.
export default function AccountSection() {
  return null;
}

// CloudFront function, before the cache: the paths of the web client's own pages get its one page.
// The rule is CLIENT_PATHS of config/client.py; web.yaml carries this file word for word, and
// tests/deploy/test_web.py holds all three together.
const CLIENT_PATHS = /^(?!(?:api|media|admin|static|ws|assets|icons|\.well-known)\/)(?!(?:(?:boot|sw)\.js|favicon\.(?:ico|svg)|robots\.txt|manifest\.webmanifest)$).*$/;

function handler(event) {
  const request = event.request;
  if (CLIENT_PATHS.test(request.uri.slice(1))) {
    request.uri = '/index.html';
  }
  return request;
}

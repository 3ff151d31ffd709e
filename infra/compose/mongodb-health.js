// The first look makes the replica set; it is healthy once it has a primary.
const { readFileSync } = require('fs');
db.getSiblingDB('admin').auth('root', readFileSync('/run/secrets/mongodb-root', 'utf8').trim());
try {
  rs.status();
} catch {
  rs.initiate({ _id: 'qiyue', members: [{ _id: 0, host: 'mongodb:27017' }] });
}
if (!db.hello().isWritablePrimary) quit(1);

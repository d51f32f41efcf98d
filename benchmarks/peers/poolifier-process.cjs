/**
 * What poolifier loads in its processes. CommonJS, since it misses its first message while an ES module loads, and
 * then never gets ready (poolifier/poolifier#782).
 */

const { ClusterWorker } = require('poolifier')

module.exports = new ClusterWorker({ ...require('./tasks.mjs') })

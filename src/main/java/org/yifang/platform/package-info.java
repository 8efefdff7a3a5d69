/// What every other package stands on: configuration, database, problems, limits. Knows no domain
/// word.
@org.jspecify.annotations.NullMarked
package org.yifang.platform;

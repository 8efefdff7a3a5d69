/// Accounts and sessions of people.
@org.jspecify.annotations.NullMarked
package org.yifang.identity.person;

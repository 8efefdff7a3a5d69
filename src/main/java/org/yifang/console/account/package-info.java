/// Pages for signing in, and the guard that stands before every page of people.
@org.jspecify.annotations.NullMarked
package org.yifang.console.account;

/// Subscriptions: who wants to be told of what and where, and what each has been told.
@org.jspecify.annotations.NullMarked
package org.yifang.notify.subscription;

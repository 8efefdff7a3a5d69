/// Tells the Subscriptions of what happened: every instance takes its share.
@org.jspecify.annotations.NullMarked
package org.yifang.notify.deliver;

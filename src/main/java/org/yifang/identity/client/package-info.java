/// The systems that call: their registration, logins and tokens.
@org.jspecify.annotations.NullMarked
package org.yifang.identity.client;

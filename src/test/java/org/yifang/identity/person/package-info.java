@org.jspecify.annotations.NullMarked
package org.yifang.identity.person;

/// Keys, sealing and blind indexes of personal data.
@org.jspecify.annotations.NullMarked
package org.yifang.identity.seal;

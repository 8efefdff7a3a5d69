/// Who calls and what stays hidden: clients, tokens, the sealing of personal data, blind indexes.
@org.jspecify.annotations.NullMarked
package org.yifang.identity;

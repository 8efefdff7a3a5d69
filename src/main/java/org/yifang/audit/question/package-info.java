/// What auditors ask of the log.
@org.jspecify.annotations.NullMarked
package org.yifang.audit.question;

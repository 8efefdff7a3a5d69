package org.yifang.platform.operate;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/// Writes the id of the running trace into a line of the log, and nothing when there is none.
public final class TraceConverter extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        String trace = Tracing.currentId();
        return trace.isEmpty() ? "" : " trace=" + trace;
    }
}

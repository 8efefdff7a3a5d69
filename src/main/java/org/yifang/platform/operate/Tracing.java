package org.yifang.platform.operate;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;

import java.net.URI;
import java.util.Collection;
import java.util.Set;

/// OpenTelemetry traces of calls and statements, without what a caller wrote into an address.
public final class Tracing implements AutoCloseable {
    /// What may hold a person's number, as a search for one does.
    private static final Set<String> HIDDEN =
            Set.of("http.url", "url.full", "url.query", "url.path", "http.target", "db.user");

    private final OpenTelemetrySdk sdk;

    private Tracing(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    /// Sends traces to a collector.
    public static Tracing to(URI collector) {
        return through(OtlpHttpSpanExporter.builder().setEndpoint(collector.toString()).build());
    }

    static Tracing through(SpanExporter exporter) {
        SdkTracerProvider provider =
                SdkTracerProvider.builder()
                        .setResource(
                                Resource.getDefault()
                                        .merge(
                                                Resource.create(
                                                        Attributes.of(
                                                                AttributeKey.stringKey(
                                                                        "service.name"),
                                                                "yifang"))))
                        .addSpanProcessor(
                                BatchSpanProcessor.builder(new Discreet(exporter)).build())
                        .build();
        return new Tracing(
                OpenTelemetrySdk.builder()
                        .setTracerProvider(provider)
                        .setPropagators(
                                ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                        .build());
    }

    /// For the Vert.x instance whose calls are traced.
    public OpenTelemetryTracingFactory factory() {
        return new OpenTelemetryTracingFactory(sdk);
    }

    /// The id of the trace of the running call, or nothing.
    public static String currentId() {
        SpanContext context = Span.current().getSpanContext();
        return context.isValid() ? context.getTraceId() : "";
    }

    @Override
    public void close() {
        sdk.close();
    }

    /// Leaves out of every span what may name a person.
    private record Discreet(SpanExporter inner) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return inner.export(spans.stream().map(Discreet::without).toList());
        }

        private static SpanData without(SpanData span) {
            Attributes kept =
                    span.getAttributes().toBuilder()
                            .removeIf(key -> HIDDEN.contains(key.getKey()))
                            .build();
            return new DelegatingSpanData(span) {
                @Override
                public Attributes getAttributes() {
                    return kept;
                }
            };
        }

        @Override
        public CompletableResultCode flush() {
            return inner.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return inner.shutdown();
        }
    }
}

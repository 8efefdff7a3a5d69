package org.yifang.fhir.rest;

import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Base64BinaryType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.search.Query;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// The parameters behind [Inputs]: which were given, which were asked for, what is wrong with them.
final class GivenParameters {
    /// @param value a `Type`, a `Resource`, a `List` of parts, or a `String` from a URL
    private record One(String name, Object value, String expression) {}

    /// No reason, number or token is longer; whoever sends more has put a file into a field.
    private static final int TEXT_MOST = 4_000;

    private final List<One> all;
    private final List<Finding> findings;
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<GivenParameters> inner = new ArrayList<>();
    private final String path;

    private GivenParameters(List<One> all, List<Finding> findings, String path) {
        this.all = all;
        this.findings = findings;
        this.path = path;
    }

    static GivenParameters of(Parameters parameters) {
        return of(parameters.getParameter(), "Parameters.parameter", new ArrayList<>());
    }

    private static GivenParameters of(
            List<ParametersParameterComponent> parameters, String path, List<Finding> findings) {
        List<One> all = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            ParametersParameterComponent one = parameters.get(i);
            Object value = one.getPart();
            if (one.hasResource()) {
                value = one.getResource();
            } else if (one.hasValue()) {
                value = one.getValue();
            }
            String name = one.getName() == null ? "" : one.getName();
            all.add(new One(name, value, path + '[' + i + ']'));
        }
        return new GivenParameters(all, findings, path);
    }

    /// `_format` and `_pretty` are not the operation's.
    static GivenParameters of(Query query) {
        List<One> all = new ArrayList<>();
        for (Query.Pair pair : query.pairs()) {
            if (!pair.name().equals("_format") && !pair.name().equals("_pretty")) {
                all.add(new One(pair.name(), pair.value(), pair.name()));
            }
        }
        return new GivenParameters(all, new ArrayList<>(), "");
    }

    void done() {
        unknown();
        doneButUnknown();
    }

    void doneButUnknown() {
        if (!findings.isEmpty()) {
            throw new Problem(findings);
        }
    }

    private void unknown() {
        for (One one : all) {
            if (!asked.contains(one.name())) {
                String known = asked.isEmpty() ? "none" : "`" + String.join("`, `", asked) + '`';
                add(
                        ProblemCode.PARAMETER_UNREADABLE,
                        "The parameter `" + one.name() + "` is unknown here.",
                        "Known are: " + known + ".",
                        one.expression());
            }
        }
        inner.forEach(GivenParameters::unknown);
    }

    private void add(ProblemCode code, String detail, String remedy, String expression) {
        findings.add(new Finding(code, detail, remedy, expression, false));
    }

    void refuse(String name, String detail, String remedy) {
        add(ProblemCode.PARAMETER_UNREADABLE, detail, remedy, expression(name, 0));
    }

    boolean has(String name) {
        return !named(name).isEmpty();
    }

    private List<One> named(String name) {
        asked.add(name);
        return all.stream().filter(one -> one.name().equals(name)).toList();
    }

    String expression(String name, int n) {
        List<One> these = named(name);
        return n < these.size()
                ? these.get(n).expression()
                : path.isEmpty() ? name : path + ".where(name='" + name + "')";
    }

    <T> T needed(String name, @Nullable T found, T otherwise) {
        if (found != null) {
            return found;
        }
        // One that is there but cannot be read has its finding already.
        if (!has(name)) {
            count(name, 1, 1);
        }
        return otherwise;
    }

    void count(String name, int least, int most) {
        int count = named(name).size();
        if (count < least) {
            add(
                    ProblemCode.PARAMETER_MISSING,
                    "The parameter `" + name + "` is missing.",
                    "Send it " + (least == 1 ? "once." : "at least " + least + " times."),
                    expression(name, 0));
        } else if (count > most) {
            add(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The parameter `" + name + "` stands " + count + " times.",
                    "Send it " + (most == 1 ? "once." : "at most " + most + " times."),
                    expression(name, most));
        }
    }

    <T> @Nullable T first(String name, List<T> values) {
        count(name, 0, 1);
        return values.isEmpty() ? null : values.getFirst();
    }

    <F extends Type, T> @Nullable T one(
            String name,
            String wanted,
            Class<F> type,
            Function<F, @Nullable T> value,
            @Nullable Function<String, @Nullable T> text) {
        return first(name, all(name, wanted, type, value, text));
    }

    /// Every value of a name.
    ///
    /// @param wanted `valueString`, for the finding when it is something else
    /// @param text reads a value from a URL, or null when it cannot stand there
    <F extends Type, T> List<T> all(
            String name,
            String wanted,
            Class<F> type,
            Function<F, @Nullable T> value,
            @Nullable Function<String, @Nullable T> text) {
        List<T> values = new ArrayList<>();
        for (One one : named(name)) {
            T read = null;
            try {
                if (type.isInstance(one.value())) {
                    read = value.apply(type.cast(one.value()));
                } else if (one.value() instanceof String written && text != null) {
                    read = text.apply(written);
                }
            } catch (RuntimeException ignored) {
                // Whatever the reader stumbled over, the finding below says what is wanted.
            }
            if (read == null) {
                add(
                        ProblemCode.PARAMETER_UNREADABLE,
                        "The parameter `" + name + "` cannot be read.",
                        "Send it as `" + wanted + "`.",
                        one.expression());
            } else if (longest(one.value()) > TEXT_MOST) {
                add(
                        ProblemCode.PARAMETER_UNREADABLE,
                        "The parameter `" + name + "` has " + longest(one.value()) + " characters.",
                        "Send at most " + TEXT_MOST + ".",
                        one.expression());
            } else {
                values.add(read);
            }
        }
        return values;
    }

    /// Characters of the longest text in a value.
    private static int longest(Object value) {
        return switch (value) {
            case String text -> text.length();
            case Base64BinaryType _ -> 0;
            case PrimitiveType<?> one ->
                    one.getValueAsString() == null ? 0 : one.getValueAsString().length();
            case Base whole ->
                    whole.children().stream()
                            .flatMap(child -> child.getValues().stream())
                            .mapToInt(GivenParameters::longest)
                            .max()
                            .orElse(0);
            default -> 0;
        };
    }

    <R extends Resource> List<R> resources(String name, Class<R> type) {
        List<R> found = new ArrayList<>();
        for (One one : named(name)) {
            if (type.isInstance(one.value())) {
                found.add(type.cast(one.value()));
            } else {
                add(
                        ProblemCode.PARAMETER_UNREADABLE,
                        "The parameter `" + name + "` holds no `" + type.getSimpleName() + "`.",
                        "Send it as `resource` of that type.",
                        one.expression());
            }
        }
        return found;
    }

    List<GivenParameters> parts(String name) {
        List<GivenParameters> found = new ArrayList<>();
        for (One one : named(name)) {
            List<ParametersParameterComponent> parts = new ArrayList<>();
            if (one.value() instanceof List<?> list) {
                list.forEach(part -> parts.add((ParametersParameterComponent) part));
            } else {
                add(
                        ProblemCode.PARAMETER_UNREADABLE,
                        "The parameter `" + name + "` has a value.",
                        "Send its content as `part`.",
                        one.expression());
            }
            found.add(of(parts, one.expression() + ".part", findings));
        }
        inner.addAll(found);
        return found;
    }
}

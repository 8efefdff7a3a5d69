package org.yifang.fhir.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.JsonTree;
import org.yifang.fhir.search.Query;
import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Body;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A transaction Bundle: all of its entries are created, or none is; they may refer to each other
/// by `urn:uuid`.
final class Transactions {
    private static final String URN = "urn:";

    private final Calls calls;
    private final Database database;
    private final Paths paths;

    Transactions(Calls calls, Database database, Paths paths) {
        this.calls = calls;
        this.database = database;
        this.paths = paths;
    }

    /// One entry with what it calls and the entries that it refers to.
    private record Step(
            int index, BundleEntry entry, Paths.Call call, JsonNode tree, Set<String> refers) {}

    /// What was done of a step.
    private record Made(Step step, Exchange exchange, Answer answer) {}

    /// @param headers that hold for all entries
    /// @return in the order of the entries
    List<Inside.Reply> run(
            Exchange exchange, List<BundleEntry> entries, Map<String, String> headers) {
        List<Step> steps = ordered(steps(exchange, entries));
        List<Made> done = database.together(() -> made(exchange, steps, headers));
        Inside.Reply[] replies = new Inside.Reply[entries.size()];
        for (Made one : done) {
            calls.recorded(one.step().call(), one.exchange(), one.answer());
            replies[one.step().index()] =
                    calls.reply(one.step().call(), one.exchange(), one.answer());
        }
        return Arrays.asList(replies);
    }

    /// @throws Problem with a finding for each entry that cannot be part of a transaction
    private List<Step> steps(Exchange exchange, List<BundleEntry> entries) {
        List<Finding> faults = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (BundleEntry entry : entries) {
            if (!entry.fullUrl().isEmpty() && !names.add(entry.fullUrl())) {
                faults.add(entry.finding("Another entry has the same `fullUrl`.", "Name each."));
            }
        }
        List<Step> steps = new ArrayList<>();
        for (BundleEntry entry : entries) {
            try {
                steps.add(step(exchange, steps.size(), entry, names));
            } catch (Problem unfit) {
                faults.addAll(unfit.findings());
            }
        }
        if (!faults.isEmpty()) {
            throw new Problem(faults);
        }
        return steps;
    }

    private Step step(Exchange exchange, int index, BundleEntry entry, Set<String> names) {
        entry.requireRequest();
        Paths.Call call = paths.find(entry.method(), '/' + entry.path());
        boolean creates =
                call.operation() != null && call.operation().kind == Operation.Kind.CREATE;
        if (!creates || entry.resource().length == 0) {
            throw entry.unfit(
                    "A transaction creates; this entry does something else.",
                    "Send `POST` with a type that is created, or a `batch`.");
        }
        Problem refusal = Admission.refusal(exchange.caller(), call);
        if (refusal != null) {
            throw refusal;
        }
        JsonNode tree = JsonTree.read(entry.resource());
        Set<String> refers = new HashSet<>();
        references(tree, refers);
        for (String one : refers) {
            if (one.startsWith(URN) && !names.contains(one)) {
                throw entry.unfit("`" + one + "` is no entry of the Bundle.", "Send it, too.");
            }
            if (one.indexOf('?') >= 0) {
                throw entry.unfit("A reference is a search.", "Refer to an entry or to `Type/id`.");
            }
        }
        refers.retainAll(names);
        refers.remove(entry.fullUrl());
        return new Step(index, entry, call, tree, refers);
    }

    private static void references(JsonNode node, Set<String> found) {
        if (node.path("reference").isTextual()) {
            found.add(node.path("reference").asText());
        }
        node.forEach(child -> references(child, found));
    }

    /// What others refer to comes before them.
    private static List<Step> ordered(List<Step> steps) {
        List<Step> left = new ArrayList<>(steps);
        List<Step> ordered = new ArrayList<>();
        Set<String> waiting = new HashSet<>();
        steps.forEach(step -> waiting.add(step.entry().fullUrl()));
        while (!left.isEmpty()) {
            List<Step> ready =
                    left.stream()
                            .filter(step -> step.refers().stream().noneMatch(waiting::contains))
                            .toList();
            if (ready.isEmpty()) {
                throw left.getFirst()
                        .entry()
                        .unfit("Entries refer to each other in a circle.", "Send one by itself.");
            }
            ordered.addAll(ready);
            left.removeAll(ready);
            ready.forEach(step -> waiting.remove(step.entry().fullUrl()));
        }
        return ordered;
    }

    /// Runs within the transaction, and again when that has to.
    private List<Made> made(Exchange outer, List<Step> steps, Map<String, String> headers) {
        List<Made> made = new ArrayList<>();
        Map<String, String> ids = new HashMap<>();
        for (Step step : steps) {
            calls.count(outer.caller());
            Exchange exchange = exchange(outer, step, headers, ids);
            try {
                exchange.ifNoneExist();
                Answer answer = calls.answer(step.call(), exchange);
                String where = Objects.requireNonNull(answer.location());
                if (!step.entry().fullUrl().isEmpty()) {
                    ids.put(step.entry().fullUrl(), where);
                }
                made.add(new Made(step, exchange, answer));
            } catch (Problem refused) {
                throw at(step, exchange.isKept() ? undone(refused) : refused);
            }
        }
        return made;
    }

    /// A refusal that tells of what is kept with it would be wrong: that goes with the Bundle.
    private static Problem undone(Problem refused) {
        return new Problem(
                refused.findings().stream()
                        .map(one ->
                                new Finding(
                                        one.code(),
                                        "Nothing of the Bundle was kept: a transaction does all or"
                                                + " nothing, and this entry was refused.",
                                        "Send the entry by itself or in a `batch`: there the"
                                                + " refusal keeps what was sent.",
                                        one.expression(),
                                        one.warning()))
                        .toList(),
                refused.headers());
    }

    private Exchange exchange(
            Exchange outer, Step step, Map<String, String> headers, Map<String, String> ids) {
        byte[] bytes = step.entry().resource();
        if (!step.refers().isEmpty()) {
            JsonNode resolved = step.tree().deepCopy();
            resolve(resolved, ids);
            bytes = JsonTree.write(resolved).getBytes(StandardCharsets.UTF_8);
        }
        Body body = Body.of(bytes);
        body.await();
        return new Exchange(
                calls,
                HttpMethod.POST,
                step.entry().call(headers).headers()::get,
                Query.EMPTY,
                outer.caller(),
                step.call(),
                body);
    }

    private static void resolve(JsonNode node, Map<String, String> ids) {
        String known = ids.get(node.path("reference").asText());
        if (node instanceof ObjectNode object && known != null) {
            object.set("reference", TextNode.valueOf(known));
        }
        node.forEach(child -> resolve(child, ids));
    }

    /// The same, saying in which entry; nothing was done.
    private static Problem at(Step step, Problem refused) {
        if (refused.code() == ProblemCode.TOO_MANY_REQUESTS) {
            return refused;
        }
        List<Finding> findings =
                refused.findings().stream()
                        .map(one ->
                                new Finding(
                                        one.code(),
                                        one.detail(),
                                        one.remedy(),
                                        within(step, one.expression()),
                                        one.warning()))
                        .toList();
        return new Problem(findings, refused.headers());
    }

    private static String within(Step step, @Nullable String expression) {
        String resource = step.entry().at() + ".resource";
        int dot = expression == null ? -1 : expression.indexOf('.');
        return expression == null || dot < 0 ? resource : resource + expression.substring(dot);
    }
}

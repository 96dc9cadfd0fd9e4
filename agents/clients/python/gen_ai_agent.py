"""An agent that writes its own `gen_ai.*` spans: `gen_ai_agent.py <session>`. OTEL_EXPORTER_OTLP_* say where they go."""

import json
import sys

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode

QUESTION = "What is the weather in Lisbon?"
ASKED = [{"role": "user", "parts": [{"type": "text", "content": QUESTION}]}]
CALL = {"type": "tool_call", "id": "call_1", "name": "get_weather", "arguments": {"city": "Lisbon"}}
RESULT = {"type": "tool_call_response", "id": "call_1", "response": "the station answered 503"}
ANSWER = "The weather is not known."

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
tracer = provider.get_tracer("travel")


def span(name, operation, **more):
    attributes = {"gen_ai.operation.name": operation, "gen_ai.conversation.id": sys.argv[1]}
    attributes.update({f"gen_ai.{key.replace('__', '.')}": value for key, value in more.items()})
    return tracer.start_as_current_span(name, attributes=attributes, kind=trace.SpanKind.INTERNAL)


def chat(asked, answered, finish, given, said):
    with span(
        "chat scripted-mini",
        "chat",
        provider__name="openai",
        request__model="scripted-mini",
        response__model="scripted-mini",
        response__finish_reasons=[finish],
        input__messages=json.dumps(asked),
        output__messages=json.dumps([{"role": "assistant", "parts": [answered], "finish_reason": finish}]),
        usage__input_tokens=given,
        usage__output_tokens=said,
    ):
        pass


with span("invoke_agent weather-agent", "invoke_agent", agent__name="weather-agent", input__messages=json.dumps(ASKED)):
    chat(ASKED, CALL, "tool_calls", 40, 8)
    try:
        with span(
            "execute_tool get_weather",
            "execute_tool",
            tool__name="get_weather",
            tool__call__id="call_1",
            tool__call__arguments=json.dumps({"city": "Lisbon"}),
        ) as current:
            current.set_attribute("error.type", "ConnectionError")
            current.set_status(Status(StatusCode.ERROR, "the station answered 503"))
            raise ConnectionError("the station answered 503")
    except ConnectionError:
        pass
    told = ASKED + [{"role": "assistant", "parts": [CALL]}, {"role": "tool", "parts": [RESULT]}]
    chat(told, {"type": "text", "content": ANSWER}, "stop", 60, 7)
provider.shutdown()

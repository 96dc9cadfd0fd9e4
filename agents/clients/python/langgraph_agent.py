"""A LangGraph agent with OpenInference: `langgraph_agent.py <session>`. OTEL_EXPORTER_OTLP_* say where it sends.

It plans, calls two tools of which one fails, and asks before it publishes; the answer makes a second run.
"""

import sys
from typing import Annotated, TypedDict

from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode, tools_condition
from langgraph.types import Command, interrupt
from openinference.instrumentation.langchain import LangChainInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from scripted_model import ScriptedModel


class State(TypedDict):
    messages: Annotated[list, add_messages]
    todos: list


@tool
def get_weather(city: str) -> str:
    """Tells the weather."""
    return f"21 degrees in {city}"


@tool
def book_flight(to: str) -> str:
    """Books a flight."""
    raise RuntimeError("the airline answered 503")


def planner(state: State):
    steps = ["ask for the weather", "book the flight"]
    return {"todos": [{"id": str(number), "content": step, "status": "pending"} for number, step in enumerate(steps, 1)]}


def agent(state: State):
    return {"messages": [ScriptedModel().bind_tools([get_weather, book_flight]).invoke(state["messages"])]}


def publish(state: State):
    answer = interrupt({"action": "publish_report", "args": {"path": "report.md"}, "risk": "high"})
    return {"todos": [{**todo, "status": "completed"} for todo in state["todos"]] if answer["approved"] else []}


provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
LangChainInstrumentor().instrument(tracer_provider=provider)

graph = StateGraph(State)
graph.add_node("planner", planner)
graph.add_node("agent", agent)
graph.add_node("tools", ToolNode([get_weather, book_flight], handle_tool_errors=True))
graph.add_node("publish", publish)
graph.add_edge(START, "planner")
graph.add_edge("planner", "agent")
graph.add_conditional_edges("agent", tools_condition, {"tools": "tools", END: "publish"})
graph.add_edge("tools", "agent")
graph.add_edge("publish", END)
app = graph.compile(checkpointer=InMemorySaver(), name="travel_graph")

config = {"configurable": {"thread_id": sys.argv[1]}}
app.invoke({"messages": [("user", "What is the weather in Lisbon? Book a flight there.")]}, config)
app.invoke(Command(resume={"approved": True}), config)
provider.shutdown()

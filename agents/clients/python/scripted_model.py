"""A chat model that says the same every time."""

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

ANSWER = "It is 21 degrees in Lisbon, but the flight could not be booked."


class ScriptedModel(BaseChatModel):
    """Asks for two tools first, then answers."""

    model_name: str = "scripted-mini"

    @property
    def _llm_type(self):
        return "scripted"

    @property
    def _identifying_params(self):
        return {"model_name": self.model_name}

    def bind_tools(self, tools, **options):
        return self.bind(**options)

    def _generate(self, messages, stop=None, run_manager=None, **options):
        told = any(isinstance(message, ToolMessage) for message in messages)
        message = AIMessage(
            content=ANSWER if told else "",
            tool_calls=[] if told else [
                {"id": "call_weather", "name": "get_weather", "args": {"city": "Lisbon"}},
                {"id": "call_flight", "name": "book_flight", "args": {"to": "Lisbon"}},
            ],
            usage_metadata=_usage(150, 30) if told else _usage(100, 20),
            response_metadata={"model_name": self.model_name, "finish_reason": "stop" if told else "tool_calls"},
        )
        return ChatResult(generations=[ChatGeneration(message=message)])


def _usage(given, answered):
    return {"input_tokens": given, "output_tokens": answered, "total_tokens": given + answered}

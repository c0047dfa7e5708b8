"""What imports cannot show: relations between the tables of different rooms."""

from django.apps import apps
from django.db.models import ForeignKey, Model

from tests.architecture.house import floors


def relations():
    """Yield each relation of our own models, with the room it leaves and the room it enters."""
    ours = {config.label: config for config in apps.get_app_configs() if _is_ours(config.name)}
    for label, config in ours.items():
        for model in config.get_models():
            for field in model._meta.get_fields():  # noqa: SLF001 - Django's documented API
                if field.is_relation and not field.auto_created:
                    entered = apps.get_containing_app_config(field.related_model.__module__)
                    yield label, entered.label, field


def _is_ours(name: str) -> bool:
    return name.startswith("newsletter.")


def test_relations_between_rooms_point_up():
    heights = floors()
    crossing = [
        (here, there, field) for here, there, field in relations() if there in heights != here
    ]
    assert crossing, "no relation was looked at"
    wrong = [str(field) for here, there, field in crossing if heights[here] < heights[there]]
    assert wrong == []


def test_relations_between_rooms_leave_no_way_back():
    # issue.delivery_set would let a room reach down into one that it may not import.
    open_doors = [
        f'{field}: set related_name="+"'
        for here, there, field in relations()
        if here != there and not field.remote_field.hidden
    ]
    assert open_doors == []


def test_each_row_says_what_it_is():
    for config in apps.get_app_configs():
        if _is_ours(config.name):
            for model in config.get_models():
                assert model.__str__ is not Model.__str__, f"{model.__name__} has no __str__"


def test_relations_are_foreign_keys_so_that_a_delete_is_always_decided():
    assert all(isinstance(field, ForeignKey) for _, _, field in relations())

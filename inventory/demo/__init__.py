"""The demo district: an invented inventory on the real map of Wansheng, the same for the same seed and moment.

Names of offices, towns and villages are real; stock, devices, teams, vehicles, people, telephone numbers and incidents
are invented and marked so. It is loaded into an empty database only.
"""

from inventory.demo.loading import DemoReport, load_demo

__all__ = ["DemoReport", "load_demo"]

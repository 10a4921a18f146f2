from fastapi import APIRouter, FastAPI

app = FastAPI()
api = APIRouter(prefix="/api/v1")


@api.get("/health")
def health():
    return {"status": "ok"}


app.include_router(api)
